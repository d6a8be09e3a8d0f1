/** The notebook of the page that is open. Cells and the bar above them find it here once they are mounted. */
import { Notebook } from "../../notebook/notebook.ts";

let current: { readonly path: string; readonly notebook: Notebook; users: number } | undefined;

export function joinNotebook(path: string): Notebook {
  if (current?.path !== path) {
    current?.notebook.dispose();
    current = { path, notebook: new Notebook(path), users: 0 };
  }
  current.users++;
  return current.notebook;
}

/** Its worker ends when the last one leaves. */
export function leaveNotebook(notebook: Notebook): void {
  if (current?.notebook !== notebook) return;
  current.users--;
  if (current.users > 0) return;
  notebook.dispose();
  current = undefined;
}
