import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Extension } from '@hocuspocus/server';
import express from 'express';
import { type AuthEvent, JwtAuth } from 'hocuspass/hocuspocus';
import { createTestTokens } from 'hocuspass/testing';
import { build } from 'vite';
import { onTestFinished } from 'vitest';
import { applyUpdate, Doc, encodeStateAsUpdate, XmlElement, XmlText } from 'yjs';
import { createCollaboration } from '../../src/collaboration.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

/** A server whose one document, `contract`, takes comments as threads and as marks, and the page that edits it. */
export interface CommentServer {
  /** Where somebody with this level edits. */
  pageFor(subject: string, level: 'read' | 'comment' | 'write'): string;
  events: AuthEvent[];
  /** The body, as the server has it. */
  body(): string;
  /** Cuts every connection, as a network does. */
  cutConnections(): void;
}

/** Builds the page of `packages/editor-demo/test/comment-marks`. */
export async function buildCommentPage(folder: string): Promise<void> {
  const root = join(ROOT, 'packages', 'editor-demo', 'test', 'comment-marks');
  await build({ root, base: './', configFile: false, logLevel: 'error', build: { outDir: folder } });
}

export async function startCommentServer(pageDir: string, paragraphs: readonly string[]): Promise<CommentServer> {
  const { verify, sign } = createTestTokens();
  const events: AuthEvent[] = [];
  const comments = { types: ['comments'], marks: ['comment'] };
  const server = createServer(express().use(express.static(pageDir)));
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  const { hocuspocus, close } = createCollaboration(
    server,
    ['/collab'],
    [new JwtAuth({ verify, comments, onEvent: (event) => events.push(event) }), keepInMemory(documentOf(paragraphs))],
  );
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  const cutConnections = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  onTestFinished(async () => {
    server.close();
    await close();
    cutConnections();
  });

  return {
    pageFor: (subject, level) => `http://127.0.0.1:${port}/?token=${sign({ subject, documents: { contract: level } })}`,
    events,
    body: () => `${hocuspocus.documents.get('contract')?.getXmlFragment('default')}`,
    cutConnections,
  };
}

/** What is stored outlives a document that nobody has open. */
function keepInMemory(stored: Doc): Extension {
  return {
    onLoadDocument: async ({ document }) => applyUpdate(document, encodeStateAsUpdate(stored)),
    onStoreDocument: async ({ document }) => applyUpdate(stored, encodeStateAsUpdate(document)),
  };
}

function documentOf(paragraphs: readonly string[]): Doc {
  const document = new Doc();
  for (const text of paragraphs) {
    const paragraph = new XmlElement('paragraph');
    paragraph.insert(0, [new XmlText(text)]);
    document.getXmlFragment('default').push([paragraph]);
  }
  return document;
}
