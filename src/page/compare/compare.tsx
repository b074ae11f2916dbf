// The screen `compare`.
import { Refused, useScreen } from '../base/load.tsx';
import type { ScreenProps } from '../base/screen-props.ts';

export function Compare(props: ScreenProps) {
  const { value, refusal } = useScreen('compare', props);
  if (refusal) return <Refused refusal={refusal} />;
  return <pre>{JSON.stringify(value, null, 2)}</pre>;
}
