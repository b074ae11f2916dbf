// What is wrong with packages and with what they make of requests, at its place in the manifest.
import { asksModel } from '../../core/asking.ts';
import type { Diagnostic, Location } from '../../core/diagnostic.ts';
import type { Manifest, Provider } from '../../core/manifest.ts';
import type { VendorPackage } from '../../core/providers/table.ts';
import { sanitizeLine } from '../../core/text.ts';
import { makeFindings } from '../../manifest/errors/findings.ts';
import type { Places } from '../../manifest/places.ts';
import type { SettingName } from '../../manifest/variants/settings.ts';
import { type BuiltRequest, changesOf, isAllowed } from '../../variants/frame-changes.ts';
import type { Asking } from './frame-requests.ts';

export type FrameFindings = {
  /** @param why one sentence with the command to type: "X is not installed: npm install ..." */
  missing(provider: Provider, why: string): void;
  otherMajor(provider: Provider, of: { readonly version: string; readonly tried: VendorPackage }): void;
  refused(asking: Asking, why: string): void;
  /** What the package changes and the provider does not allow. */
  changes(asking: Asking, built: BuiltRequest & { readonly version: string | null }): void;
  list(): readonly Diagnostic[];
};

export function makeFrameFindings(of: {
  readonly manifest: Manifest;
  readonly places: Places;
}): FrameFindings {
  const { manifest, places } = of;
  const findings = makeFindings();
  const told = new Set<string>();
  const add = (finding: Omit<Diagnostic, 'related'>): void =>
    findings.add(finding.location?.file ?? manifest.file, () => finding);

  /** Where it is declared; of one that is built in, where it is first asked for. */
  const providerPlace = (
    { name, sdk, type }: Provider,
    inside = type === 'ai-sdk' ? 'package' : 'type',
  ): Location => {
    const declared = places.provider(name, [inside]);
    if (declared !== null || sdk === undefined) return declared ?? places.variant('', 'provider');
    const variant = manifest.variants.find(({ provider }) => provider === name);
    if (variant !== undefined) return places.variant(variant.name, 'provider');
    const asker = manifest.scorers.filter(asksModel).find(({ provider }) => provider === name);
    return places.scorer(asker?.name ?? '', ['provider']);
  };

  return {
    missing(provider, why) {
      const [what, command = null] = why.split(': npm ');
      add({
        severity: 'error',
        code: 'no-package',
        message: `the provider ${JSON.stringify(provider.name)} needs a package: ${sanitizeLine(what!)}`,
        location: providerPlace(provider),
        hint: command === null ? null : `npm ${command}`,
      });
    },
    otherMajor(provider, { version, tried }) {
      const { package: name, major } = tried;
      add({
        severity: 'warning',
        code: 'other-major',
        message: `${name} is installed in version ${sanitizeLine(version)}, and expgraph was tried with ${major}: its answers have keys of their own`,
        location: providerPlace(provider),
        hint: `npm install --save-exact ${name}@${major}`,
      });
    },
    refused(asking, why) {
      const { of: whose, provider } = asking;
      const location =
        whose.kind === 'variant'
          ? places.variant(whose.variant.name, 'model')
          : places.scorer(whose.scorer.name, ['model']);
      add({
        severity: 'error',
        code: 'no-request',
        message: `no request can be built for the model ${JSON.stringify(asking.request.model)}: ${sanitizeLine(why)}`,
        location: /cannot be loaded|exports no function|takes no such options|specification/.test(why)
          ? providerPlace(provider, provider.type === 'ai-sdk' ? 'package' : 'type')
          : location,
        hint: null,
      });
    },
    changes(asking, built) {
      const { provider, request, of: whose } = asking;
      const sdk = provider.sdk!;
      const by = built.version === null ? sdk.package : `${sdk.package} ${built.version}`;
      for (const { setting, what, severity } of changesOf(request, built)) {
        if (isAllowed(setting, sdk.allow)) continue;
        const [name, ...inside] = setting.split('.');
        const isOurs = (SETTINGS as readonly string[]).includes(name!);
        const location =
          whose.kind === 'judge'
            ? places.scorer(whose.scorer.name, isOurs ? [name!, ...inside] : ['model'])
            : places.variant(
                whose.variant.name,
                isOurs ? (name as SettingName) : 'model',
                isOurs ? inside : [],
              );
        const said = JSON.stringify([location.line, location.column, what]);
        // Of a matrix the first that it is true of.
        if (told.has(said)) continue;
        told.add(said);
        const isOne = whose.kind === 'judge' || manifest.variants.length === 1;
        const whom = isOne ? '' : ` (variant ${sanitizeLine(whose.variant.name)})`;
        const allow = [...sdk.allow, setting.replace(/^params\./, '')].join(', ');
        const place = places.provider(provider.name, []) === null ? ` (type: ${provider.type})` : '';
        add({
          severity,
          code: 'changed-request',
          message: `${by}${severity === 'error' ? ' would send another request than is asked' : ''}: ${sanitizeLine(what)}${whom}`,
          location,
          hint: `change it, or let it be: providers.${provider.name}${place}: allow: [${allow}]`,
        });
      }
    },
    list: () => findings.list(),
  };
}

const SETTINGS: readonly SettingName[] = [
  ...(['temperature', 'max_output_tokens', 'params', 'tools', 'response_format', 'seed'] as const),
];
