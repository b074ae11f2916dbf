// The screen `plan`.
import { Refused, useScreen } from '../base/load.tsx';
import type { ScreenProps } from '../base/screen-props.ts';

export function Plan(props: ScreenProps) {
  const { value, refusal } = useScreen('plan', props);
  if (refusal) return <Refused refusal={refusal} />;
  return <pre>{JSON.stringify(value, null, 2)}</pre>;
}
