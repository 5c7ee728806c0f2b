/** What the scripts of a live room pass to each other. Types only: no browser ever asks for this file. */
export {};

declare global {
  type Position = { epoch: string; seq: number };

  /** A frame of docs/protocol.md. Its fields are the server's business: a page that is older than the server still works. */
  type Frame = { type: string; seq?: number; id?: string; [field: string]: any };

  /** What carries frames: a WebSocket, or what stands in for one. */
  type Carrier = {
    onopen: ((event: any) => void) | null;
    onmessage: ((event: { data: string }) => void) | null;
    onclose: ((event: { code: number }) => void) | null;
    send(text: string): void;
    close(): void;
  };

  type Room = {
    state: string;
    since: number;
    by: string;
    reason: string;
    door: string;
    mode: string;
    open: boolean;
    unattended: boolean;
    apart: boolean;
    waiting: number;
    starts_at: number;
    closing_at: number;
    ends_at: number;
    extended: number;
    ending: boolean;
    lines_until?: number | null;
    may: string[];
    lead?: string;
    mode_until?: number | null;
    slow?: number;
    hands?: { seat: string; reason: string }[];
    called?: string;
    round?: Round | null;
    look?: boolean;
    names_frozen?: boolean;
    check?: { kind: string; id: string; until: number | null } | null;
    pair_since?: number | null;
    agreement?: number;
    lately?: Happening[];
    tally?: { [what: string]: number };
    // Facilitators only
    capacity?: number;
    offered_lead?: string;
    cosigns?: { id: string; what: string; seat: string; reason: string; by: string; until: number }[];
    suspended?: string[];
    claims?: { [seat: string]: string };
    to_agree?: number;
    pause_asked?: number;
    pause_due?: number | null;
    doors_at?: number;
    worries?: string;
  };

  /** `until`: of the preview and of getting ready to everybody, of a turn to facilitators. */
  type Round = {
    card: string;
    phase: string;
    order: string[];
    index: number;
    done: string[];
    passed: string[];
    stopped: boolean;
    until?: number | null;
  };

  type Person = {
    name: string;
    role: string;
    listening: boolean;
    place: string;
    away?: number | null;
    quiet_until?: number | null;
    arrived_at?: number;
    look_until?: number | null;
    declined?: boolean;
    off_duty?: boolean;
    corner?: boolean;
    tag?: string;
    work?: string;
    arriving?: string;
  };

  type You = Person & {
    seat: string;
    quiet_reason: string;
    held_back: string | null;
    suspended: boolean;
    debrief_until?: number | null;
    extra: number;
    corner_since: number | null;
    turn_phase: string;
    turn_until: number | null;
    turn_longer: boolean;
    offered_until: number | null;
    in_line: number | null;
  };

  // Words that are kept for one person beside the talk
  type Note = { id?: string; seat?: string; name?: string; text?: string; [field: string]: any };
  type Held = { message?: string; name?: string; text?: string; [field: string]: any };
  type Flag = { verb: string; message: string; seat: string; times: number; words: string[]; at: number };
  type Happening = { at: number; what: string; by: string };
  type Words = {
    lines?: { [seat: string]: Note[] };
    backchannel?: Note[];
    lobby_note?: Note;
    looked_at?: Held[];
    flags?: Flag[];
    proposals?: { [id: string]: string };
    today?: string[];
    question?: string[];
    happened?: Happening[];
    turn?: number;
  };

  type Patch = {
    room?: Partial<Room>;
    people?: { [seat: string]: Partial<Person> | null };
    you?: Partial<You>;
    words?: Words;
  };
  // `were`: who is not in the list of people any more, for what they said before.
  type State = { room: Partial<Room>; people: Map<string, Person>; were: Map<string, Pick<Person, 'role' | 'work'>>; you: Partial<You>; words: Words };

  /**
   * What only this page knows. `turned`: the view that a word to this person alone has led to, and `card`: why.
   * `fades`: when the words leave the screen after the end; 0: not yet known, or gone already. `said`: when we last did; `read`: the last of our private words.
   */
  type Here = {
    now: number;
    touch: string;
    code: number;
    left: boolean;
    turned: string;
    card: string;
    fades: number;
    said: number;
    read: string;
  };

  /** What a template may ask for by name. */
  type Facts = { may?: string[]; [name: string]: unknown };

  type Command = { type: string; [field: string]: string | number | boolean | null | string[] };

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
