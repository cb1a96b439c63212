/** What an adapter writes: express on its response, fetch as a `Response`. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}
