import * as z from 'zod/mini';
import '../../json.ts'; // reasons in English
import { parseJson } from '../../parse-json.ts';

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

/** Members that are not looked at stay as they are. */
const widgetSchema = z.looseObject({
  type: z.string(),
  properties: z.optional(
    z.looseObject({
      title: z.optional(z.string()),
      view: z.optional(z.string()),
      annotations: z.optional(z.looseObject({ vertical: z.optional(z.array(z.unknown())) })),
    }),
  ),
});
const bodySchema = z.looseObject({ widgets: z.array(widgetSchema) });

type Widget = z.infer<typeof widgetSchema>;

/** A graph keeps so many of our lines: those that came last. */
const keptLines = 20;

/** What became of a dashboard's body. */
export type Annotated =
  | { readonly kind: 'changed'; readonly body: string }
  /** Every graph has the line. */
  | { readonly kind: 'was-there' }
  /** The body is none, or it has no graph, or none of that title. */
  | { readonly kind: 'no-graph' };

/** Puts a vertical line into the graphs over time of a dashboard, or into the one of a title. */
export function annotate(
  body: string,
  line: { readonly text: string; readonly id: string; readonly at: string },
  title?: string,
): Annotated {
  const read = bodySchema.safeParse(parseJson(body));
  if (!read.success) return { kind: 'no-graph' };
  const label = `${line.text} ${markOf(line.id)}`;
  const isMeant = (widget: Widget): boolean =>
    isGraph(widget) && (title === undefined || widget.properties?.title === title);
  const graphs = read.data.widgets.filter(isMeant);
  if (graphs.length === 0) return { kind: 'no-graph' };
  const missing = graphs.filter((widget) => !linesOf(widget).some((one) => labelOf(one).includes(markOf(line.id))));
  if (missing.length === 0) return { kind: 'was-there' };
  const widgets = read.data.widgets.map((widget) =>
    missing.includes(widget) ? withLine(widget, { label, value: line.at }) : widget,
  );
  return { kind: 'changed', body: JSON.stringify({ ...read.data, widgets }) };
}

/** The view of a graph over time is the default one. */
function isGraph({ type, properties }: Widget): boolean {
  return type === 'metric' && (properties?.view ?? 'timeSeries') === 'timeSeries';
}

function withLine(widget: Widget, line: { label: string; value: string }): Widget {
  const lines = linesOf(widget);
  const ours = lines.filter((one) => ourMark.test(labelOf(one)));
  const tooOld = new Set(ours.slice(0, Math.max(0, ours.length + 1 - keptLines)));
  const vertical = [...lines.filter((one) => !tooOld.has(one)), line];
  const annotations = { ...widget.properties?.annotations, vertical };
  return { ...widget, properties: { ...widget.properties, annotations } };
}

function linesOf({ properties }: Widget): readonly unknown[] {
  return properties?.annotations?.vertical ?? [];
}

const ourMark = / \[slipway [0-9a-f]{8}\]$/;

function markOf(id: string): string {
  return `[slipway ${id}]`;
}

/** A line may also be a band, which is an array and none of ours. */
function labelOf(line: unknown): string {
  return typeof line === 'object' && line !== null && 'label' in line ? String(line.label) : '';
}
