import { AutoLinkNode, LinkNode } from '@lexical/link';
import { ListItemNode, ListNode } from '@lexical/list';
import { HeadingNode, QuoteNode } from '@lexical/rich-text';
import { TableCellNode, TableNode, TableRowNode } from '@lexical/table';
import { type Klass, type LexicalNode, LineBreakNode, ParagraphNode, TabNode, TextNode } from 'lexical';

/**
 * The node classes of every Lexical editor over an article, in a window or headless. A node class
 * that is missing in one place makes the binding throw there, so nothing else may register nodes.
 */
export const documentNodes: Klass<LexicalNode>[] = [
  ParagraphNode,
  TextNode,
  LineBreakNode,
  TabNode,
  HeadingNode,
  QuoteNode,
  ListNode,
  ListItemNode,
  LinkNode,
  AutoLinkNode,
  TableNode,
  TableRowNode,
  TableCellNode,
];
