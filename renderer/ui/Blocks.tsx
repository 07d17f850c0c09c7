import { Fragment, type ReactNode } from 'react';
import { type Block, type ListBlock, type Mark, type Run, safeHref } from '../../domain/document/index.ts';

const TAGS: Readonly<Record<Mark, 'strong' | 'em' | 'u' | 's' | 'sub' | 'sup' | 'code' | 'mark'>> = {
  bold: 'strong',
  italic: 'em',
  underline: 'u',
  strikethrough: 's',
  subscript: 'sub',
  superscript: 'sup',
  code: 'code',
  highlight: 'mark',
};

function RunText({ run }: { readonly run: Run }): ReactNode {
  const lines = run.text.split('\n');
  let node: ReactNode = lines.map((line, at) => (
    <Fragment key={at}>
      {at > 0 && <br />}
      {line}
    </Fragment>
  ));
  for (const mark of run.marks ?? []) {
    const Tag = TAGS[mark];
    node = <Tag>{node}</Tag>;
  }
  // Links are shown with their address but lead nowhere: the window opens no foreign pages.
  const href = run.href === undefined ? null : safeHref(run.href);
  return href === null ? (
    node
  ) : (
    <span className="body-link" title={href}>
      {node}
    </span>
  );
}

const Runs = ({ runs }: { readonly runs: readonly Run[] }): ReactNode =>
  runs.map((run, at) => <RunText key={at} run={run} />);

function ListView({ list }: { readonly list: ListBlock }): ReactNode {
  const items = list.items.map((item, at) => (
    <li key={at}>
      <Runs runs={item.runs} />
      {item.lists?.map((inner, index) => (
        <ListView key={index} list={inner} />
      ))}
    </li>
  ));
  return list.kind === 'number' ? <ol start={list.start ?? 1}>{items}</ol> : <ul>{items}</ul>;
}

function BlockView({ block }: { readonly block: Block }): ReactNode {
  switch (block.type) {
    case 'paragraph':
      return (
        <p className={block.align ? `align-${block.align}` : undefined}>
          <Runs runs={block.runs} />
        </p>
      );
    case 'heading': {
      const Tag = `h${block.level}` as const;
      return (
        <Tag>
          <Runs runs={block.runs} />
        </Tag>
      );
    }
    case 'quote':
      return (
        <blockquote>
          <Runs runs={block.runs} />
        </blockquote>
      );
    case 'list':
      return <ListView list={block} />;
    case 'table':
      return (
        <div className="table-scroll">
          <table>
            <tbody>
              {block.rows.map((row, at) => (
                <tr key={at}>
                  {row.map((cell, index) => {
                    const Cell = cell.header ? 'th' : 'td';
                    return (
                      <Cell key={index} colSpan={cell.colSpan} rowSpan={cell.rowSpan}>
                        <Blocks blocks={cell.blocks} />
                      </Cell>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
}

/** A body for reading: the canonical blocks as plain HTML elements. */
export function Blocks({ blocks }: { readonly blocks: readonly Block[] }): ReactNode {
  return blocks.map((block, at) => <BlockView key={at} block={block} />);
}
