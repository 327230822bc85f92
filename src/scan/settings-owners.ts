/**
 * Keys in the settings of a provider that neither their names nor anything around them tell whose they are. Contents are
 * classified without their paths, of which one may have many, so this is asked once the places of a finding are known.
 */
import { Owners } from '../classify/owners.ts';
import { settingsOwner } from '../classify/settings-files.ts';
import type { Issuer, Location, Sighting } from '../model/finding.ts';
import type { Rule } from '../model/rule.ts';
import { isNobodys } from './same-values.ts';

/** What is asked of a finding that is being made. */
interface Seen {
  readonly rule: Rule;
  readonly issuer: Issuer | undefined;
  readonly evidence: readonly string[];
  readonly located: readonly { readonly location: Location; readonly sighting: Sighting }[];
}

/** The same findings, in their order; those that are nobody's have the issuer whose settings they stand in. */
export function withSettingsOwners<One extends Seen>(all: readonly One[], rules: readonly Rule[]): readonly One[] {
  let owners: Owners | undefined;
  return all.map((one) => {
    if (!isNobodys(one)) return one;
    for (const { location, sighting } of one.located) {
      const owner = settingsOwner(location.file);
      if (owner === undefined) continue;
      owners ??= new Owners({ rules, samples: {} }); // no value is judged
      const issued = owners.issuedInSettings(sighting, owner, location.file);
      if (issued !== undefined) return { ...one, issuer: issued.issuer, evidence: [issued.evidence, ...one.evidence] };
    }
    return one;
  });
}
