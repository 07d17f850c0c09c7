export { ArticleScreen } from './ArticleScreen.tsx';
export { BodyEditor } from './body/BodyEditor.tsx';
export { BodyToolbar } from './body/BodyToolbar.tsx';
export { useBodyEditor } from './body/useBodyEditor.ts';
export { TitleFields } from './TitleFields.tsx';
