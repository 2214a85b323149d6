import { render } from 'preact';
import { App } from './app.tsx';
import { startLive } from './live.ts';
import './page.css';

startLive();
const root = document.getElementById('page');
if (root !== null) render(<App />, root);
