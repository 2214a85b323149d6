import { existsSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import { AssetHashType, DockerImage, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  Architecture,
  Code,
  type FunctionProps,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { bundle } from './bundle.ts';

/** What a {@link ServiceFunction} sets by itself, or takes as `entry`. */
type OwnProps = 'code' | 'handler' | 'runtime' | 'architecture' | 'logRetention' | 'logGroup' | 'loggingFormat';

export interface ServiceFunctionProps extends Partial<Omit<FunctionProps, OwnProps>> {
  /** Path of the module that exports `handler`: TypeScript or JavaScript. It is bundled with all that it imports but the AWS SDK. */
  readonly entry: string;
  /**
   * How long the log is kept.
   *
   * @default RetentionDays.TWO_WEEKS
   */
  readonly logRetention?: RetentionDays;
}

/**
 * A function as every pattern makes them: Node 24 on arm64, bundled to one ES module with its source map, 1,024 MB, JSON logs kept for two
 * weeks, traced, and no longer than its caller behind an API waits.
 *
 * @example
 * new ServiceFunction(this, 'Orders', { entry: 'functions/orders.ts' });
 */
export class ServiceFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const { entry, logRetention = RetentionDays.TWO_WEEKS, ...rest } = props;
    if (!existsSync(entry)) {
      throw new Error(
        `entry is '${entry}', where no file is: give the path of the function's module, absolute or from the folder that the app runs in`,
      );
    }
    super(scope, id, {
      memorySize: 1024,
      timeout: Duration.seconds(29),
      tracing: Tracing.ACTIVE,
      ...rest,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: `${basename(entry, extname(entry))}.handler`,
      code: Code.fromAsset(dirname(entry), {
        assetHashType: AssetHashType.OUTPUT,
        bundling: {
          // Never pulled: the local bundler below does the work.
          image: DockerImage.fromRegistry('local'),
          // The CDK makes one asset of the same folder and options: two functions of one folder differ by this.
          environment: { ENTRY: entry },
          local: {
            tryBundle(outputFolder) {
              bundle(entry, outputFolder);
              return true;
            },
          },
        },
      }),
      environment: { NODE_OPTIONS: '--enable-source-maps', ...rest.environment },
      loggingFormat: LoggingFormat.JSON,
      logGroup: new LogGroup(scope, `${id}Logs`, { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY }),
    });
  }
}
