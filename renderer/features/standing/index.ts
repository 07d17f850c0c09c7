export { StandingCard } from './StandingCard.tsx';
export { StandingButton, StandingDialog } from './StandingDialog.tsx';
