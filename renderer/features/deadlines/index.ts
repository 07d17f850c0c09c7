export { DeadlinesScreen } from './DeadlinesScreen.tsx';
export { DueButton, DueDialog } from './DueDialog.tsx';
