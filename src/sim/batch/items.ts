// The requests of a batch, each played as if it had come alone.
import type { PlayedScript } from '../../core/played.ts';
import { readPlayedPath } from '../../core/played-by.ts';
import { err, type Result } from '../../core/result.ts';
import { fillerPiece } from '../player/filler.ts';
import { type Played, type PlayOptions, play } from '../player/play.ts';
import { playEmbeddings } from '../player/play-embeddings.ts';
import type { Api } from '../wire/api.ts';
import { hashText, makeDice } from '../wire/dice.ts';
import { SERVER_FAULT, type WireError } from '../wire/wire-error.ts';

export type Item = {
  readonly customId: string;
  /** The address that it names, with what stands before the path of the API and behind it. */
  readonly url: string;
  /** As JSON. */
  readonly body: string;
};

export type ItemResult = { readonly ok: boolean; readonly status: number; readonly text: string };

export type ItemPlayer = (at: number) => ItemResult;

export type PlayerOptions = {
  readonly items: readonly Item[];
  /** null = embeddings. */
  readonly api: Api | null;
  readonly scripts: readonly PlayedScript[];
  readonly options: Omit<PlayOptions, 'id'>;
  /** Begins the id of each. */
  readonly id: string;
  /** Share of them that fails with 500. */
  readonly errorRate: number;
  readonly errorBody: (error: WireError, requestId: string) => string;
};

/** Each is played when somebody asks for it, once. */
export function makeItemPlayer(given: PlayerOptions): ItemPlayer {
  const { items, id, errorRate, errorBody } = given;
  const results = new Map<number, ItemResult>();
  const runs = runsOf(items);
  const playOne = (at: number): ItemResult => {
    const requestId = `req_${id}_${at}`;
    const isStruck = makeDice(hashText(`${id} ${at}`))() < errorRate;
    const played = isStruck ? err(SERVER_FAULT) : answered(given, { item: items[at]!, run: runs[at]!, at });
    return played.kind === 'ok'
      ? { ok: true, status: 200, text: wholeText(played.value) }
      : { ok: false, status: played.error.status, text: errorBody(played.error, requestId) };
  };
  return (at) => {
    const known = results.get(at);
    if (known) return known;
    const result = playOne(at);
    results.set(at, result);
    return result;
  };
}

function answered(
  { api, scripts, options, id }: PlayerOptions,
  { item, run, at }: { readonly item: Item; readonly run: number; readonly at: number },
): Result<Played, WireError> {
  const own = { ...options, id: `${id}_${at}` };
  if (api === null) return playEmbeddings(item.body, own);
  const place = readPlayedPath(item.url.replace(/\?.*$/s, ''));
  const turns = place === null ? undefined : scripts[place.script];
  const script = place === null || turns === undefined ? null : { turns, answered: place.answered };
  const headers = { 'anthropic-version': '2023-06-01' };
  return play({ api, headers, body: item.body, run, script }, own);
}

/**
 * Which repeat each is: a batch has no header that could say it, so `?run=2` behind its address does, and where nothing
 * says it, the second of two that are equal is the second.
 */
function runsOf(items: readonly Item[]): readonly number[] {
  const seen = new Map<string, number>();
  return items.map(({ url, body }) => {
    const said = /[?&]run=([1-9]\d{0,8})(?:&|$)/.exec(url)?.[1];
    const before = seen.get(body) ?? 0;
    seen.set(body, before + 1);
    return said === undefined ? before + 1 : Number(said);
  });
}

function wholeText({ filler, write }: Played): string {
  if (filler.bytes === 0) return write('');
  const pieces: string[] = [];
  for (let at = 0; at < filler.bytes; ) {
    const piece = fillerPiece(filler, at).toString('latin1');
    pieces.push(piece);
    at += piece.length;
  }
  return write(pieces.join(''));
}

/** The path of the API that an address of an item means: without the script, and without what is asked of it. */
export function plainUrl(url: string): string {
  const path = url.replace(/\?.*$/s, '');
  return readPlayedPath(path)?.rest ?? path;
}
