export { ChecksList, fieldLabelOf, type ShownIssue, useIssueSentence } from './Checks.tsx';
export { DecisionBar } from './DecisionBar.tsx';
export { DecisionChain } from './DecisionChain.tsx';
export { DecisionDialogs } from './DecisionDialogs.tsx';
export { SecrecyBanner } from './SecrecyBanner.tsx';
export { useDeciding } from './useDeciding.ts';
