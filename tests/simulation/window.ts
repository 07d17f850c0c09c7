import * as Y from 'yjs';
import type { Args, QueryName, Reply, RequestName, ToWindow } from '../../domain/contracts/index.ts';
import type { Result } from '../../domain/lib/result.ts';

/** A request that has no answer yet: asked again under its id when the engine is back. */
interface Unanswered {
  readonly id: string;
  readonly name: RequestName;
  readonly args: unknown;
}

/**
 * The window of a desk: lives on when its engine dies, keeps the texts it has open, and asks again what was not answered,
 * as the renderer does.
 */
export class DeskWindow {
  readonly windowId: string;
  readonly #send: (data: unknown) => void;
  readonly #answers = new Map<string, Result<unknown>>();
  readonly unanswered = new Map<string, Unanswered>();
  /** Open texts by article. */
  readonly docs = new Map<string, Y.Doc>();
  #ids = 0;

  constructor(windowId: string, send: (data: unknown) => void) {
    this.windowId = windowId;
    this.#send = send;
  }

  hear(data: unknown): void {
    const message = data as ToWindow;
    if (message.kind === 'announcement') {
      const { articleId, update } = message.value as Reply<'documents.changed'>;
      const doc = this.docs.get(articleId);
      if (doc && message.name === 'documents.changed') Y.applyUpdateV2(doc, update, 'elsewhere');
      return;
    }
    this.unanswered.delete(message.id);
    if (message.kind === 'value') this.#answers.set(message.id, { ok: true, value: message.value });
    else
      this.#answers.set(
        message.id,
        message.ok ? { ok: true, value: message.value } : { ok: false, error: message.error },
      );
  }

  /** Sends a request; its answer is there once `answer` gives it. */
  ask<N extends RequestName>(name: N, args: Args<N>, id = this.#newId()): string {
    this.unanswered.set(id, { id, name, args });
    this.#send({ kind: 'request', id, name, args });
    return id;
  }

  look<N extends QueryName>(name: N, args: Args<N>): string {
    const id = this.#newId();
    this.#send({ kind: 'watch', id, name, args });
    return id;
  }

  unwatch(id: string): void {
    this.#send({ kind: 'unwatch', id });
  }

  answer(id: string): Result<unknown> | undefined {
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    return answer;
  }

  /** The engine is back: everything without an answer is asked again. */
  askAgain(): void {
    for (const { id, name, args } of this.unanswered.values())
      this.#send({ kind: 'request', id, name, args });
  }

  #newId(): string {
    this.#ids += 1;
    return `${this.windowId}-${this.#ids}`;
  }
}
