import type { Tag } from '@aws-sdk/client-codepipeline';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { templateService, tracedForTemplate } from './engine/api-call-events.ts';
import type { Engine } from './engine/engine.ts';
import { currentStructure, knownPipeline } from './operations/known.ts';
import { tagResource, untagResource } from './operations/tags.ts';
import { changeTransition } from './operations/transitions.ts';

/** The properties of a resource, and at an update those that it was made from until now. */
interface Properties {
  readonly before?: JsonObject;
  readonly after: JsonObject;
}

/** The tags that a template gives a resource. */
export function tagsOf(tags: Json | undefined): Tag[] {
  if (!Array.isArray(tags)) return [];
  return tags.filter(isJsonObject).map((tag) => ({ key: String(tag['Key']), value: String(tag['Value']) }));
}

/** Changes the tags that a template gives; those that somebody else has added stay. */
export function changeTags(engine: Engine, resourceArn: string, { before = {}, after }: Properties): void {
  const [old, tags] = [tagsOf(before['Tags']), tagsOf(after['Tags'])];
  if (JSON.stringify(old) === JSON.stringify(tags)) return;
  const tagKeys = old.map(({ key = '' }) => key).filter((key) => !tags.some((tag) => tag.key === key));
  const [gone, given] = [
    { resourceArn, tagKeys },
    { resourceArn, tags },
  ];
  if (tagKeys.length > 0) tracedForTemplate(engine, 'UntagResource', gone, () => untagResource(engine, gone));
  if (tags.length > 0) tracedForTemplate(engine, 'TagResource', given, () => tagResource(engine, given));
}

/** Disables the transitions that a template names, and enables those that it names no more. */
export function disableTransitions(engine: Engine, pipelineName: string, { before = {}, after }: Properties): void {
  const [old, disabled] = [disabledIn(before), disabledIn(after)];
  const stages = currentStructure(engine, knownPipeline(engine, pipelineName)).stages.map(({ name }) => name);
  const place = { pipelineName, transitionType: 'Inbound' as const };
  for (const [stageName, reason] of disabled) {
    if (old.get(stageName) === reason) continue;
    const input = { ...place, stageName, reason };
    tracedForTemplate(engine, 'DisableStageTransition', input, () => {
      changeTransition(engine, input, { isEnabled: false, changedBy: templateService, reason });
      return {};
    });
  }
  for (const stageName of old.keys()) {
    if (disabled.has(stageName) || !stages.includes(stageName)) continue;
    const input = { ...place, stageName };
    tracedForTemplate(engine, 'EnableStageTransition', input, () => {
      changeTransition(engine, input, { isEnabled: true, changedBy: templateService });
      return {};
    });
  }
}

function disabledIn({ DisableInboundStageTransitions: list }: JsonObject): Map<string, string> {
  const entries = Array.isArray(list) ? list.filter(isJsonObject) : [];
  return new Map(entries.map((entry) => [String(entry['StageName']), String(entry['Reason'])]));
}
