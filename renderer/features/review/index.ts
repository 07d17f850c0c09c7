export { ArticleReading } from './ArticleReading.tsx';
export { ComparisonView, countChanges } from './ComparisonView.tsx';
export { ReviewScreen } from './ReviewScreen.tsx';
