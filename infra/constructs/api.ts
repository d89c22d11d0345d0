import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  CfnStage,
  HttpApi,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** How often a route may be called, over all callers. */
export interface RouteThrottle {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

/** One route of the API. */
export interface ApiRouteProps {
  readonly method: HttpMethod;
  readonly path: string;
  readonly handler: IFunction;
  readonly throttle: RouteThrottle;
  /** `bearer`: the authorizer decides; `signature`: the function itself verifies a signature over the raw body. */
  readonly access: 'bearer' | 'signature';
}

/** The HTTP API: every webhook and every call of the page and the CLI enters here. */
export class Api extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  readonly #authorizer: IHttpRouteAuthorizer;
  readonly #throttles: Record<string, object> = {};

  constructor(scope: Construct, id: string, props: { authorizer: IFunction }) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', { description: 'Slipway: webhooks and commands', createDefaultStage: false });
    this.#authorizer = new HttpLambdaAuthorizer('Bearer', props.authorizer, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      // Zero: a token that was revoked is refused from the next request on.
      resultsCacheTtl: Duration.seconds(0),
    });
    this.stage = new HttpStage(this, 'Stage', { httpApi: this.api, stageName: '$default', autoDeploy: true });
    this.#configureStage();
  }

  /** Adds a route with its own throttle. */
  addRoute(id: string, props: ApiRouteProps): void {
    const route = new HttpRoute(this, id, {
      httpApi: this.api,
      routeKey: HttpRouteKey.with(props.path, props.method),
      integration: new HttpLambdaIntegration(`${id}Integration`, props.handler),
      ...(props.access === 'bearer' && { authorizer: this.#authorizer }),
    });
    if (props.access === 'signature') {
      acknowledge(route, {
        APIG4: 'senders cannot sign in; the function verifies a signature over the raw body before it reads it',
      });
    }
    // CDK hands this map on as it is, so its members are spelled as in a template.
    this.#throttles[`${props.method} ${props.path}`] = {
      ThrottlingRateLimit: props.throttle.requestsPerSecond,
      ThrottlingBurstLimit: props.throttle.burst,
      DetailedMetricsEnabled: true,
    };
    // A stage that names a route's settings needs the route first.
    this.stage.node.addDependency(route);
  }

  #configureStage(): void {
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = this.stage.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error('an HTTP stage is made of a CfnStage');
    stage.accessLogSettings = { destinationArn: accessLog.logGroupArn, format: accessLogFormat };
    stage.defaultRouteSettings = { throttlingRateLimit: 20, throttlingBurstLimit: 40, detailedMetricsEnabled: true };
    stage.routeSettings = this.#throttles;
  }
}

/** By route key, never by path, query or header: these may hold what a sender meant to keep. */
const accessLogFormat = JSON.stringify({
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLatencyMs: '$context.responseLatency',
  sourceIp: '$context.identity.sourceIp',
  error: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
});
