// The screen `cell`.
import { Refused, useScreen } from '../base/load.tsx';
import type { ScreenProps } from '../base/screen-props.ts';

export function Cell(props: ScreenProps) {
  const { value, refusal } = useScreen('cell', props);
  if (refusal) return <Refused refusal={refusal} />;
  return <pre>{JSON.stringify(value, null, 2)}</pre>;
}
