import { BUILT_INS } from './built-ins.ts';

/** Why a function of pg_catalog is refused, for those that people ask for. All others not listed are refused too. */
export const deniedFunctions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    query_to_xml: 'runs SQL from a text',
    query_to_xml_and_xmlschema: 'runs SQL from a text',
    query_to_xmlschema: 'runs SQL from a text',
    ts_stat: 'runs SQL from a text',
    ts_rewrite: 'can run SQL from a text',
    table_to_xml: 'reads a relation named by a text',
    table_to_xml_and_xmlschema: 'reads a relation named by a text',
    schema_to_xml: 'reads relations named by a text',
    database_to_xml: 'reads every relation',
    cursor_to_xml: 'reads a cursor named by a text',
    pg_input_is_valid: 'reads a value as a type named by a text',
    pg_input_error_info: 'reads a value as a type named by a text',
    current_query: 'shows the statement as it was rewritten',
    pg_read_file: 'reads a file of the server',
    pg_read_binary_file: 'reads a file of the server',
    pg_ls_dir: 'lists files of the server',
    pg_stat_file: 'reads file attributes of the server',
    lo_get: 'reads a large object',
    loread: 'reads a large object',
    lo_import: 'reads a file of the server',
    lo_export: 'writes a file of the server',
    lo_from_bytea: 'writes a large object',
    pg_stat_get_activity: 'shows statements of other sessions',
    pg_terminate_backend: 'ends other sessions',
    pg_cancel_backend: 'cancels other sessions',
  }),
);

/** `set_config` is decided by the setting that it names, like SET. */
export function isAllowedFunction(name: string): boolean {
  return BUILT_INS.has(name) || name === 'set_config';
}
