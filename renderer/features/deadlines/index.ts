export { DeadlinesScreen } from './DeadlinesScreen.tsx';
export { DueButton } from './DueDialog.tsx';
