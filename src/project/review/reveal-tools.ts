// Real names of the tools on a card. They give the arm away in half of real transcripts, so who asked is in the protocol first.
import { err, ok, type Result } from '../../core/result.ts';
import type { RevealedTools } from '../../screens/review.ts';
import { addBreach } from '../open/unblind.ts';
import type { World } from '../open/world.ts';
import { readKey } from './files.ts';
import type { OpenReading } from './open-reading.ts';

/** @param input.place the card as its reader sees it named @returns err: in words; then nothing is shown */
export async function revealTools(
  world: World,
  input: { readonly root: string; readonly reading: OpenReading; readonly place: string },
): Promise<Result<RevealedTools, string>> {
  const { root, reading, place } = input;
  const { paths, deck, reviewer, places } = reading;
  const found = places.find(({ name }) => name === place);
  if (found === undefined) return err(`there is no card ${JSON.stringify(place.slice(0, 40))}`);
  const { card } = found.card;
  const key = readKey(paths, deck);
  if (key.kind === 'err') return err(key.error[0]!.message);
  const tools = key.value.tools[card] ?? {};
  if (Object.keys(tools).length === 0) return ok({ tools });
  const at = world.clock.now().toISOString();
  addBreach({
    root,
    folder: paths.folder,
    breach: { at, user: reviewer, kind: 'reveal', what: card, reason: null },
  });
  return ok({ tools });
}
