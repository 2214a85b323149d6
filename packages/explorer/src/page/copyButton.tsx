import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';

/** Puts a text on the clipboard. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }): JSX.Element {
  const copied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    copied.value = true;
    setTimeout(() => {
      copied.value = false;
    }, 1500);
  };
  return (
    <button type="button" class="copy" aria-label={`Copy ${what}`} onClick={() => void copy()}>
      {copied.value ? 'copied' : 'copy'}
    </button>
  );
}
