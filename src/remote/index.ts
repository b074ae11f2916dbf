// Which transport speaks for which address. Nothing is asked when one is opened; what is not used is not loaded.
import type { RemoteSettings } from '../core/remote.ts';
import { unreachable } from '../core/result.ts';
import type { RemoteFiles, RemoteWorld } from './remote.ts';

/** @throws RemoteError where a variable that the manifest names is not set */
export async function openRemote(settings: RemoteSettings, world: RemoteWorld): Promise<RemoteFiles> {
  switch (settings.kind) {
    case 'file':
      return (await import('./file.ts')).openFolder(settings, world);
    case 'https':
      return (await import('./https.ts')).openHttps(settings, world);
    case 's3':
      return (await import('./s3.ts')).openS3(settings, world);
    default:
      return unreachable(settings.kind);
  }
}
