/** SQL of the gateway's own: constants of this room, never made of a client's statement. */
export class OwnQuestion {
  readonly sql: string;

  private constructor(sql: string) {
    this.sql = sql;
  }

  /** `sql` gives rows; they come as one JSON array. */
  static rows(sql: string): OwnQuestion {
    return new OwnQuestion(
      `SELECT coalesce(pg_catalog.json_agg(pg_catalog.row_to_json(sluice)), '[]'::pg_catalog.json) FROM (${sql}) sluice`,
    );
  }

  /**
   * Gives the search path as `path`, and makes it pg_catalog until the transaction ends or it is restored. Where
   * pg_temp isn't named it is searched first, and a client's temporary pg_class would stand for the server's.
   */
  static readonly putSearchPathAside = OwnQuestion.rows(
    `SELECT p.path, pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true) AS aside
      FROM (SELECT pg_catalog.current_setting('search_path') AS path OFFSET 0) p`,
  );

  static restoreSearchPath(path: string): OwnQuestion {
    const literal = `'${path.replaceAll("'", "''")}'`;
    return OwnQuestion.rows(`SELECT pg_catalog.set_config('search_path', ${literal}, true) AS path`);
  }
}
