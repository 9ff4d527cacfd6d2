import type { ComponentChildren, VNode } from 'preact';
import type { RelationRef } from '../../../../../gateway/contract/facts.ts';
import type { Impact } from '../../../../../gateway/contract/impact.ts';
import { rowsInWords, whereInWords } from '../model/words.ts';

/** What would happen: computed by the gateway; what it could not compute is said as well. */
export function ImpactView({ impact }: { readonly impact: Impact }): VNode {
  const rows = rowsInWords(impact);
  const where = whereInWords(impact);
  return (
    <section class="impact" aria-label="Impact">
      <p class="summary">{impact.summary}</p>
      <dl>
        {rows === null ? null : <Fact term="Rows">{rows}</Fact>}
        {where === null ? null : (
          <Fact term="Where" isAlarming={where.isAlarming}>
            {where.text}
          </Fact>
        )}
        <Names term="Writes" names={impact.writes.map((write) => `${nameOf(write)} (${write.by})`)} />
        <Names
          term="Columns"
          names={impact.columns.map(
            ({ schema, relation, column }) => `${nameOf({ schema, relation })}.${column}`,
          )}
        />
        <Names term="Reads" names={impact.reads.map(nameOf)} />
        <Names
          term="Cascades"
          isAlarming
          names={impact.cascades.map(
            ({ to, constraint, action }) => `${nameOf(to)}: ${action} (${constraint})`,
          )}
        />
        <Names term="Triggers" names={impact.triggers.map((one) => `${one.trigger} on ${nameOf(one)}`)} />
        <Names term="Locks" names={impact.takes.map((one) => `${nameOf(one)}: ${one.mode}`)} />
        <Names
          term="Holds already"
          isAlarming
          names={impact.holds.map((one) => `${nameOf(one)}: ${one.mode}`)}
        />
        <Names term="Effects" isAlarming names={impact.effects} />
      </dl>
      <Sample sample={impact.sample} />
      <Similar similar={impact.similar} />
      {impact.unknown.length > 0 ? (
        <ul class="unknown" aria-label="What could not be computed">
          {impact.unknown.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

type FactProps = {
  readonly term: string;
  readonly isAlarming?: boolean;
  readonly children: ComponentChildren;
};

function Fact({ term, isAlarming = false, children }: FactProps): VNode {
  return (
    <>
      <dt>{term}</dt>
      <dd class={isAlarming ? 'alarming' : ''}>{children}</dd>
    </>
  );
}

type NamesProps = { readonly term: string; readonly names: readonly string[]; readonly isAlarming?: boolean };

function Names({ term, names, isAlarming = false }: NamesProps): VNode | null {
  if (names.length === 0) return null;
  return (
    <Fact {...{ term, isAlarming }}>
      {names.map((name) => (
        <span key={name} class="name">
          {name}
        </span>
      ))}
    </Fact>
  );
}

function Sample({ sample }: Pick<Impact, 'sample'>): VNode | null {
  if (sample === null || sample.rows.length === 0) return null;
  return (
    <details open>
      <summary>Some of the rows, as the requester sees them</summary>
      <section class="sample" aria-label="Sample of the rows">
        <table>
          <thead>
            <tr>
              {sample.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sample.rows.map((row, index) => (
              <tr key={index}>
                {row.map((value, at) => (
                  <td key={at}>{value ?? <span class="quiet">NULL</span>}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

function Similar({ similar }: Pick<Impact, 'similar'>): VNode | null {
  if (similar.length === 0) return null;
  return (
    <details>
      <summary>Their last requests of this kind ({similar.length})</summary>
      <ul class="similar">
        {similar.map(({ at, status, statement }) => (
          <li key={at}>
            <span class="badge">{status}</span>{' '}
            <span class="quiet">{new Date(at).toLocaleString('en-GB')}</span>
            <code>{statement}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The usual schema goes without saying. */
function nameOf({ schema, relation }: RelationRef): string {
  return schema === 'public' ? relation : `${schema}.${relation}`;
}
