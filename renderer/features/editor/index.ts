export { ArticleScreen } from './ArticleScreen.tsx';
