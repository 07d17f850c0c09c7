import type { UnitInfo } from '../../domain/contracts/index.ts';
import type { Html } from '../public/html.ts';
import { field, type Problems, select } from './ui.ts';
import { t, type Visit } from './visit.ts';

/** More than anybody looks through; and a page must not carry thousands of names in every list. */
const MOST_IN_LIST = 300;

/** One of the units: from a list or, where there are very many, by its id. */
export function unitChooser(
  visit: Visit,
  options: {
    readonly id: string;
    readonly label: string;
    readonly value?: string;
    readonly units: readonly UnitInfo[];
    readonly empty: string;
    readonly required?: boolean;
    readonly problems?: Problems;
    readonly isShort?: boolean;
  },
): Html {
  const { units, isShort, ...common } = options;
  if (units.length > MOST_IN_LIST)
    return field(visit, { ...common, help: t(visit, 'unit.byId'), maxLength: 40 });
  const choices = units.map((unit) => ({
    value: unit.id,
    label: (isShort ? unit.shortName : unit.name)[visit.language],
  }));
  return select(visit, { ...common, choices });
}
