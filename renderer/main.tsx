import './ui/styles/index.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AppWindow } from './app/AppWindow.tsx';
import { startI18n } from './app/i18n.ts';
import { provideAriaStrings } from './ui/ariaStrings.ts';

const i18n = startI18n();
provideAriaStrings(i18n);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <AppWindow bridge={window.soan} />
  </StrictMode>,
);
