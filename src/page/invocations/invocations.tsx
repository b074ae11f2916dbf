// The screen `invocations`.
import { Refused, useScreen } from '../base/load.tsx';
import type { ScreenProps } from '../base/screen-props.ts';

export function Invocations(props: ScreenProps) {
  const { value, refusal } = useScreen('invocations', props);
  if (refusal) return <Refused refusal={refusal} />;
  return <pre>{JSON.stringify(value, null, 2)}</pre>;
}
