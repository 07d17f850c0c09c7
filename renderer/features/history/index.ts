export { HistoryLink } from './HistoryLink.tsx';
export { HistoryScreen } from './HistoryScreen.tsx';
