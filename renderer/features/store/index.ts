export { StoreTroubleScreen } from './StoreTroubleScreen.tsx';
