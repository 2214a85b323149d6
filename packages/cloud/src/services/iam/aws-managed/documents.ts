/** A statement of a policy document. */
interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[] | string;
  readonly Resource: readonly string[] | string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const allow = (...Action: readonly string[]): Statement => ({ Effect: 'Allow', Action, Resource: '*' });

const WRITE_LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'] as const;

const PUSH_TO_LOGS = allow(
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:DescribeLogGroups',
  'logs:DescribeLogStreams',
  'logs:PutLogEvents',
  'logs:GetLogEvents',
  'logs:FilterLogEvents',
);

const NETWORK_INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
] as const;

const XRAY_WRITE = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:GetSamplingStatisticSummaries',
] as const;

const FUNCTION_LOGS: Statement = {
  Effect: 'Allow',
  Action: ['logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:FilterLogEvents'],
  Resource: 'arn:aws:logs:*:*:log-group:/aws/lambda/*',
};

const passRoleTo = (...services: readonly string[]): Statement => ({
  Effect: 'Allow',
  Action: 'iam:PassRole',
  Resource: '*',
  Condition: { StringEquals: { 'iam:PassedToService': services } },
});

/**
 * What some policies of AWS allow, by name: those that templates use most. Facts from AWS's reference of managed policies:
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export const DOCUMENTS: Readonly<Record<string, readonly Statement[]>> = {
  AdministratorAccess: [allow('*')],
  AWSLambdaBasicExecutionRole: [allow(...WRITE_LOGS)],
  AWSLambdaBasicDurableExecutionRolePolicy: [
    allow(...WRITE_LOGS),
    allow('lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'),
  ],
  AWSLambdaVPCAccessExecutionRole: [allow(...WRITE_LOGS, ...NETWORK_INTERFACES)],
  AWSLambdaENIManagementAccess: [allow(...NETWORK_INTERFACES)],
  AWSLambdaSQSQueueExecutionRole: [
    allow('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...WRITE_LOGS),
  ],
  AWSLambdaDynamoDBExecutionRole: [
    allow(
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      ...WRITE_LOGS,
    ),
  ],
  AWSLambdaKinesisExecutionRole: [
    allow(
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
      'kinesis:ListStreams',
      'kinesis:SubscribeToShard',
      ...WRITE_LOGS,
    ),
  ],
  AWSLambdaMSKExecutionRole: [
    allow(
      'kafka:DescribeCluster',
      'kafka:DescribeClusterV2',
      'kafka:GetBootstrapBrokers',
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeVpcs',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeSubnets',
      'ec2:DescribeSecurityGroups',
      ...WRITE_LOGS,
    ),
  ],
  AWSLambdaExecute: [
    { Effect: 'Allow', Action: ['logs:*'], Resource: 'arn:aws:logs:*:*:*' },
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::*' },
  ],
  AWSLambdaRole: [allow('lambda:InvokeFunction')],
  AWSLambdaInvocation_DynamoDB: [
    allow('lambda:InvokeFunction'),
    allow('dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'),
  ],
  CloudWatchLambdaInsightsExecutionRolePolicy: [
    allow('logs:CreateLogGroup'),
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: 'arn:aws:logs:*:*:log-group:/aws/lambda-insights:*',
    },
  ],
  AmazonAPIGatewayPushToCloudWatchLogs: [PUSH_TO_LOGS],
  AWSAppSyncPushToCloudWatchLogs: [allow(...WRITE_LOGS)],
  AmazonAPIGatewayInvokeFullAccess: [
    {
      Effect: 'Allow',
      Action: ['execute-api:Invoke', 'execute-api:ManageConnections'],
      Resource: 'arn:aws:execute-api:*:*:*',
    },
  ],
  AmazonAPIGatewayAdministrator: [{ Effect: 'Allow', Action: ['apigateway:*'], Resource: 'arn:aws:apigateway:*::/*' }],
  AWSXrayWriteOnlyAccess: [allow(...XRAY_WRITE)],
  AWSXRayDaemonWriteAccess: [allow(...XRAY_WRITE)],
  AmazonS3FullAccess: [allow('s3:*', 's3-object-lambda:*')],
  AmazonS3ReadOnlyAccess: [
    allow('s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'),
  ],
  AmazonSQSFullAccess: [allow('sqs:*')],
  AmazonSQSReadOnlyAccess: [
    allow(
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ListDeadLetterSourceQueues',
      'sqs:ListQueues',
      'sqs:ListMessageMoveTasks',
      'sqs:ListQueueTags',
    ),
  ],
  AmazonSNSFullAccess: [allow('sns:*')],
  AmazonKinesisFullAccess: [allow('kinesis:*')],
  AmazonKinesisReadOnlyAccess: [allow('kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*')],
  AWSStepFunctionsFullAccess: [allow('states:*')],
  CloudWatchLogsFullAccess: [allow('logs:*', 'cloudwatch:GenerateQuery')],
  CloudWatchLogsReadOnlyAccess: [
    allow(
      'logs:Describe*',
      'logs:Get*',
      'logs:List*',
      'logs:StartQuery',
      'logs:StopQuery',
      'logs:TestMetricFilter',
      'logs:FilterLogEvents',
      'logs:StartLiveTail',
      'logs:StopLiveTail',
      'cloudwatch:GenerateQuery',
    ),
  ],
  IAMFullAccess: [allow('iam:*')],
  AWSCloudFormationFullAccess: [allow('cloudformation:*')],
  AWSLambda_ReadOnlyAccess: [
    FUNCTION_LOGS,
    allow('cloudformation:DescribeStacks', 'cloudformation:ListStacks', 'cloudformation:ListStackResources'),
    allow(
      'cloudwatch:GetMetricData',
      'cloudwatch:ListMetrics',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
    ),
    allow(
      'kms:ListAliases',
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
      'iam:GetRole',
      'iam:GetRolePolicy',
      'iam:ListAttachedRolePolicies',
      'iam:ListRolePolicies',
      'iam:ListRoles',
    ),
    allow(
      'lambda:Get*',
      'lambda:List*',
      'logs:DescribeLogGroups',
      'states:DescribeStateMachine',
      'states:ListStateMachines',
    ),
    allow('tag:GetResources', 'xray:GetTraceSummaries', 'xray:BatchGetTraces'),
  ],
  AWSLambda_FullAccess: [
    FUNCTION_LOGS,
    allow('cloudformation:DescribeStacks', 'cloudformation:ListStacks', 'cloudformation:ListStackResources'),
    allow(
      'cloudwatch:ListMetrics',
      'cloudwatch:GetMetricData',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
    ),
    allow(
      'kms:ListAliases',
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
      'iam:GetRole',
      'iam:GetRolePolicy',
      'iam:ListAttachedRolePolicies',
      'iam:ListRolePolicies',
      'iam:ListRoles',
    ),
    allow('lambda:*', 'logs:DescribeLogGroups', 'states:DescribeStateMachine', 'states:ListStateMachines'),
    allow('tag:GetResources', 'xray:GetTraceSummaries', 'xray:BatchGetTraces'),
    passRoleTo('lambda.amazonaws.com'),
  ],
  AmazonECSTaskExecutionRolePolicy: [
    allow(
      'ecr:GetAuthorizationToken',
      'ecr:BatchCheckLayerAvailability',
      'ecr:GetDownloadUrlForLayer',
      'ecr:BatchGetImage',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ),
  ],
  AmazonEC2ContainerRegistryPullOnly: [
    allow(
      'ecr:GetAuthorizationToken',
      'ecr:BatchGetImage',
      'ecr:GetDownloadUrlForLayer',
      'ecr:BatchImportUpstreamImage',
    ),
  ],
};
