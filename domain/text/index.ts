export { collationKey } from './collationKey.ts';
export { foldVietnamese, normaliseNfc, slugify } from './foldVietnamese.ts';
export { formatDate, formatInstantDate, formatTime, VIETNAM_OFFSET_MINUTES } from './formatDate.ts';
export { formatBytes, formatNumber } from './formatNumber.ts';
export { detectLegacyEncoding, type LegacyEncoding } from './legacyEncoding.ts';
export { countWords } from './words.ts';
