/** What the scripts of a live room pass to each other. Types only: no browser ever asks for this file. */
export {};

declare global {
  type Position = { epoch: string; seq: number };

  /** A frame of docs/protocol.md. Its fields are the server's business: a page that is older than the server still works. */
  type Frame = { type: string; seq?: number; id?: string; [field: string]: any };

  type Room = {
    state: string;
    since: number;
    by: string;
    reason: string;
    door: string;
    mode: string;
    open: boolean;
    unattended: boolean;
    waiting: number;
    starts_at: number;
    closing_at: number;
    ends_at: number;
    extended: number;
    ending: boolean;
    may: string[];
  };

  type Person = {
    name: string;
    role: string;
    listening: boolean;
    place: string;
    away?: number | null;
    quiet_until?: number | null;
    arrived_at?: number;
  };

  type You = Person & { seat: string; quiet_reason: string; held_back: string | null };

  type Patch = { room?: Partial<Room>; people?: { [seat: string]: Partial<Person> | null }; you?: Partial<You> };
  type State = { room: Partial<Room>; people: Map<string, Person>; you: Partial<You> };

  /**
   * What only this page knows. `turned`: the view that a word to this person alone has led to, and `card`: why.
   * `fades`: when the words leave the screen after the end; 0: not yet known, or gone already.
   */
  type Here = { now: number; touch: string; code: number; left: boolean; turned: string; card: string; fades: number };

  /** What a template may ask for by name. */
  type Facts = { may?: string[]; [name: string]: unknown };

  type Command = { type: string; [field: string]: string | number | null };

  /** What became of a command: `words` are the room's, when it was refused. */
  type Change = { ref: string; command: Command; why: 'sending' | 'sent' | 'refused' | 'unsent' | 'dropped'; words: string };

  /** Time and chance, so that a test can bring its own. */
  type World = { now(): number; after(ms: number, then: () => void): () => void; random(): number };

  // Every element of our pages is an HTML element.
  interface Element {
    closest(selector: string): HTMLElement | null;
  }
  interface ParentNode {
    querySelector(selector: string): HTMLElement | null;
    querySelectorAll(selector: string): NodeListOf<HTMLElement>;
  }
  interface EventTarget {
    addEventListener(type: 'frame' | 'happened', listener: (event: CustomEvent<Frame>) => void): void;
    addEventListener(type: 'change', listener: (event: CustomEvent<Change>) => void): void;
    addEventListener(type: 'asked', listener: (event: CustomEvent<string>) => void): void;
  }
}
