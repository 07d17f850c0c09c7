export { LockedScreen } from './LockedScreen.tsx';
export { SignInAgain } from './SignInAgain.tsx';
export { SignInScreen } from './SignInScreen.tsx';
