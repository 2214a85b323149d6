import { TABLE_NAME } from '@skein/lambda/env';
import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { type CorsPreflightOptions, HttpApi, HttpMethod, type IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { newServiceTable } from '../service/serviceTable.ts';
import { tagService } from '../service/serviceTags.ts';

export interface SimpleWebServiceProps {
  /** The function that answers all requests. It finds the table's name in the variable `TABLE_NAME`. */
  readonly handler: LambdaFunction;
  /**
   * The API that the service's routes are added to.
   *
   * @default - an HTTP API of its own
   */
  readonly api?: IHttpApi;
  /**
   * Where the service's routes begin in the API: `/orders` takes `/orders` and all below it.
   *
   * @default - the whole API
   */
  readonly path?: string;
  /**
   * The table that the service owns. Nobody else's function touches it.
   *
   * @default - a table of its own, on demand, with the partition key `id`
   */
  readonly table?: ITable;
  /**
   * The calls that the handler makes on the table, and so is allowed to make.
   *
   * @default ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Scan']
   */
  readonly tableOperations?: readonly string[];
  /**
   * What becomes of the table when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Which pages of other origins may call the API.
   *
   * @default - none
   */
  readonly cors?: CorsPreflightOptions;
  /**
   * The stage that the resources are tagged with.
   *
   * @default 'dev'
   */
  readonly stage?: string;
}

/** The longest that an HTTP API waits for a function. */
const LONGEST_ANSWER_SECONDS = 29;

/**
 * A web service over one entity: a client asks an HTTP API, which asks a function, which keeps its data in a table.
 *
 * @example
 * const handler = new ServiceFunction(this, 'Handler', { entry: 'functions/orders.ts' });
 * new SimpleWebService(this, 'Orders', { handler, path: '/orders' });
 */
export class SimpleWebService extends Construct {
  readonly api: IHttpApi;
  readonly handler: LambdaFunction;
  readonly table: ITable;

  constructor(scope: Construct, id: string, props: SimpleWebServiceProps) {
    super(scope, id);
    const {
      handler,
      path = '',
      tableOperations = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Scan'],
      removalPolicy = RemovalPolicy.RETAIN,
      stage = 'dev',
    } = props;
    if (path !== '' && !/^(\/[^/]+)+$/.test(path)) {
      throw new Error(`path is '${path}', but must begin with a slash and end without one, as in '/orders'`);
    }
    const seconds = handler.timeout?.toSeconds();
    if (seconds !== undefined && !Token.isUnresolved(seconds) && seconds > LONGEST_ANSWER_SECONDS) {
      throw new Error(
        `the handler's timeout is ${seconds} s, but its caller waits ${LONGEST_ANSWER_SECONDS} s: give it a shorter one`,
      );
    }
    if (props.api !== undefined && props.cors !== undefined) {
      throw new Error(
        'cors is given together with api: an API has one CORS configuration, set it where the API is made',
      );
    }
    this.handler = handler;
    this.table = props.table ?? newServiceTable(this, removalPolicy);
    handler.addEnvironment(TABLE_NAME, this.table.tableName);
    this.table.grant(handler, ...tableOperations.map((operation) => `dynamodb:${operation}`));
    this.api =
      props.api ??
      (new HttpApi(this, 'Api', props.cors === undefined ? {} : { corsPreflight: props.cors }) as IHttpApi);
    this.#route(path);
    tagService([this, handler], { service: id, pattern: 'simple-web-service', stage });
  }

  #route(path: string): void {
    const integration = new HttpLambdaIntegration('Handler', this.handler);
    const { api } = this;
    if (!(api instanceof HttpApi)) {
      throw new Error('api was imported, and routes cannot be added to an imported API: pass the HttpApi itself');
    }
    const paths = path === '' ? ['/', '/{proxy+}'] : [path, `${path}/{proxy+}`];
    for (const route of paths) api.addRoutes({ path: route, methods: [HttpMethod.ANY], integration });
  }
}
