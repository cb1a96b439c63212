import * as Y from 'yjs';

/** What a document shows outside some root types, without some marks. */
export interface Outside {
  types: readonly string[];
  marks: readonly string[];
  /** Names of the root types that are texts: a copy that never asked for them cannot tell. */
  texts: readonly string[];
}

/** Everything that is visible, each element and character with the id of its item. */
export function viewItems(document: Y.Doc, outside: Outside): unknown {
  const roots = [...document.share].filter(([name]) => !outside.types.includes(name));
  return Object.fromEntries(
    roots
      .map(([name, type]) => [name, viewType(type, outside, outside.texts.includes(name))] as const)
      .filter(([, view]) => JSON.stringify(view) !== '{"list":[],"map":[]}')
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function viewType(type: NonNullable<ReturnType<Y.Doc['share']['get']>>, outside: Outside, isText: boolean): unknown {
  const list: unknown[] = [];
  const formats: Record<string, unknown> = {};
  for (let item = type._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    const { content, id } = item;
    if (content instanceof Y.ContentFormat) {
      if (!isText) list.push([id, 'format', content.key]);
      else if (isOneOf(outside.marks, content.key)) continue;
      else if (content.value === null) delete formats[content.key];
      else formats[content.key] = content.value;
      continue;
    }
    const shown = Object.entries(formats).toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (const [offset, element] of content.getContent().entries()) {
      list.push([id.client, id.clock + offset, viewElement(element, outside), shown]);
    }
  }
  const map = [...type._map]
    .filter(([, item]) => !item.deleted)
    .map(([key, item]) => [key, item.id, item.content.getContent().map((element) => viewElement(element, outside))])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return { list, map };
}

function viewElement(element: unknown, outside: Outside): unknown {
  if (element instanceof Y.Doc) return { guid: element.guid };
  if (!(element instanceof Y.AbstractType)) return element;
  const name = element instanceof Y.XmlElement ? element.nodeName : element.constructor.name;
  return { name, in: viewType(element, outside, element instanceof Y.Text) };
}

/** Whether a formatting key is that of a mark, alone or with a hash. */
export function isOneOf(marks: readonly string[], key: string): boolean {
  return marks.some((mark) => key === mark || (key.startsWith(`${mark}--`) && key.length === mark.length + 10));
}

/** The same through the public methods of Yjs' types, as an app reads them. */
export function readOutside(document: Y.Doc, { marks }: Outside): unknown {
  return {
    body: readXml(document.getXmlFragment('default'), marks),
    plain: readDelta(document.getText('plain').toDelta(), marks),
    meta: document.getMap('meta').toJSON(),
    list: document.getArray('list').toJSON(),
  };
}

function readXml(parent: Y.XmlFragment, marks: readonly string[]): unknown[] {
  return parent.toArray().map((child) => {
    if (child instanceof Y.XmlElement) return [child.nodeName, child.getAttributes(), readXml(child, marks)];
    return child instanceof Y.XmlText ? readDelta(child.toDelta(), marks) : String(child);
  });
}

function readDelta(delta: { insert: unknown; attributes?: object }[], marks: readonly string[]): unknown[] {
  const parts: { insert: unknown; formats: string }[] = [];
  for (const { insert, attributes = {} } of delta) {
    const kept = Object.entries(attributes).filter(([key]) => !isOneOf(marks, key));
    const formats = JSON.stringify(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const last = parts.at(-1);
    if (typeof insert === 'string' && typeof last?.insert === 'string' && last.formats === formats) {
      last.insert += insert;
    } else {
      parts.push({ insert: insert instanceof Y.AbstractType ? insert.toJSON() : insert, formats });
    }
  }
  return parts;
}
