export { SourcePane } from './SourcePane.tsx';
export { TranslationScreen } from './TranslationScreen.tsx';
