import type { TargetedKeyboardEvent, VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { placeInside } from './place.ts';

export type MenuItem =
  | { readonly label: string; readonly hint?: string; readonly disabled?: boolean; readonly run: () => void }
  | 'separator';

export type OpenMenu = {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly xPx: number;
  readonly yPx: number;
};

/** A menu at a point of the page, with the keys of the ARIA practices. Focus goes back where it came from. */
export function Menu({ menu, onClose }: { readonly menu: OpenMenu; readonly onClose: () => void }): VNode {
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    if (root.current) placeInside(root.current, menu.xPx, menu.yPx);
    itemsIn(root.current)[0]?.focus();
    return () => {
      if (before instanceof HTMLElement && document.hasFocus()) before.focus({ preventScroll: true });
    };
  }, [menu]);
  useEffect(() => {
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) onClose();
    };
    document.addEventListener('pointerdown', onPointerDown, true);
    window.addEventListener('blur', onClose);
    return () => {
      document.removeEventListener('pointerdown', onPointerDown, true);
      window.removeEventListener('blur', onClose);
    };
  }, [onClose]);

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (!moveFocus(itemsIn(root.current), event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={root} class="menu floating" role="menu" aria-label={menu.label} onKeyDown={onKeyDown}>
      {menu.items.map((item, index) =>
        item === 'separator' ? (
          // biome-ignore lint/a11y/useSemanticElements: hr is no child of a menu
          <div key={index} role="separator" />
        ) : (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            aria-disabled={item.disabled ? 'true' : undefined}
            onClick={() => {
              if (item.disabled) return;
              onClose();
              item.run();
            }}
          >
            <span>{item.label}</span>
            {item.hint ? <kbd>{item.hint}</kbd> : null}
          </button>
        ),
      )}
    </div>
  );
}

function itemsIn(root: HTMLElement | null): HTMLElement[] {
  return root ? [...root.querySelectorAll<HTMLElement>('[role=menuitem]')] : [];
}

/** Moves by a menu's keys or to the next item that begins with the letter; false when the key is not one. */
function moveFocus(items: readonly HTMLElement[], key: string): boolean {
  const at = items.findIndex((item) => item.matches(':focus'));
  const to = (index: number) => {
    items[(index + items.length) % items.length]?.focus();
    return true;
  };
  if (key === 'ArrowDown') return to(at + 1);
  if (key === 'ArrowUp') return to(at - 1);
  if (key === 'Home') return to(0);
  if (key === 'End') return to(items.length - 1);
  if (key.length !== 1 || key === ' ') return false;
  const turned = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  const match = turned.find((item) => item.textContent?.toLowerCase().startsWith(key.toLowerCase()));
  match?.focus();
  return match !== undefined;
}
