import { rolePrincipal, servicePrincipal, type Principal } from '../../../gateway/principal.ts';
import { pipelineArn, type Engine } from './engine.ts';

/** An action or rule, as far as it says with which role it works. */
export interface Work {
  readonly pipeline: string;
  readonly pipelineRoleArn: string;
  /** Its own role; without one it works with the pipeline's. */
  readonly roleArn: string | undefined;
}

/** As whom an action or rule works: with its own role, which the pipeline's role assumes, else with the pipeline's. */
export function workPrincipal(engine: Engine, work: Work, sessionName: string): Principal {
  const { pipeline, pipelineRoleArn, roleArn = pipelineRoleArn } = work;
  const service = servicePrincipal('codepipeline.amazonaws.com', pipelineArn(engine, pipeline));
  if (roleArn === pipelineRoleArn) return rolePrincipal(roleArn, sessionName, service);
  return rolePrincipal(roleArn, sessionName, rolePrincipal(pipelineRoleArn, 'codepipeline', service));
}
