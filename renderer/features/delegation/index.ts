export { DelegationFacts, StandingInLine } from './Delegations.tsx';
