// Files that a message shows: a picture as it is, a sound to be heard, a PDF to be opened elsewhere. Their names are anybody's text.
import { bytesWords, type MediaPart, mediaWords } from '../../core/media.ts';
import { sanitizeLine } from '../../core/text.ts';
import { addressOfFile, whyNotShown } from '../base/input-files.ts';
import { useEffect, useState } from '../base/preact.ts';
import './files.css';

export function Files({ files }: { readonly files: readonly MediaPart[] }) {
  if (files.length === 0) return null;
  return (
    <ul class="files">
      {files.map((part, n) => (
        <li key={`${n} ${part.sha256}`}>
          <File part={part} />
        </li>
      ))}
    </ul>
  );
}

/** undefined = it is on its way. */
function useAddress(sha256: string): string | null | undefined {
  const [address, setAddress] = useState<string | null | undefined>(undefined);
  useEffect(() => {
    let isHere = true;
    setAddress(undefined);
    void addressOfFile(sha256).then((found) => isHere && setAddress(found));
    return () => {
      isHere = false;
    };
  }, [sha256]);
  return address;
}

function File({ part }: { readonly part: MediaPart }) {
  const address = useAddress(part.sha256);
  const words = sanitizeLine(mediaWords(part));
  if (address === undefined) return <span class="file-words muted">{words}</span>;
  if (address === null)
    return (
      <span class="file-words muted">
        {words}: {whyNotShown()}
      </span>
    );
  switch (part.type) {
    case 'image':
      return <Picture part={part} address={address} words={words} />;
    case 'audio':
      return (
        <figure class="file">
          {/* biome-ignore lint/a11y/useMediaCaption: nobody has captions of it */}
          <audio controls src={address} aria-label={words} />
          <figcaption>{words}</figcaption>
        </figure>
      );
    default:
      return (
        <a class="file-link" href={address} download={downloadName(part)}>
          {words}
        </a>
      );
  }
}

function Picture(props: { readonly part: MediaPart; readonly address: string; readonly words: string }) {
  const { part, address, words } = props;
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return <span class="file-words muted">{words}: this browser cannot show it</span>;
  return (
    <figure class="file">
      <img
        src={address}
        alt={words}
        width={part.width}
        height={part.height}
        onError={() => setBroken(true)}
      />
      <figcaption>{words}</figcaption>
    </figure>
  );
}

/** By what it is, whatever it is called: a name may lie about that. */
function downloadName({ type, sha256, bytes }: MediaPart): string {
  return `${type}-${sha256.slice(0, 8)}-${bytesWords(bytes).replace(' ', '')}.${type === 'pdf' ? 'pdf' : 'bin'}`;
}
