export { TranslationScreen } from './TranslationScreen.tsx';
