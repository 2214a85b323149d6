/** What a service-linked role is like. */
export interface ServiceLinkedRole {
  readonly name: string;
  /** The name of the policy of AWS that it has. */
  readonly policy: string;
  /** Whether an account may have several, told apart by a suffix. */
  readonly customSuffix: boolean;
}

const known = (name: string, policy: string, customSuffix = false): ServiceLinkedRole => ({
  name: `AWSServiceRoleFor${name}`,
  policy,
  customSuffix,
});

const ROLES: Readonly<Record<string, ServiceLinkedRole>> = {
  'autoscaling.amazonaws.com': known('AutoScaling', 'AutoScalingServiceRolePolicy', true),
  'backup.amazonaws.com': known('Backup', 'AWSBackupServiceLinkedRolePolicyForBackup'),
  'batch.amazonaws.com': known('Batch', 'BatchServiceRolePolicy'),
  'cloudtrail.amazonaws.com': known('CloudTrail', 'CloudTrailServiceRolePolicy'),
  'config.amazonaws.com': known('Config', 'AWSConfigServiceRolePolicy'),
  'connect.amazonaws.com': known('AmazonConnect', 'AmazonConnectServiceLinkedRolePolicy', true),
  'dynamodb.application-autoscaling.amazonaws.com': known(
    'ApplicationAutoScaling_DynamoDBTable',
    'AWSApplicationAutoscalingDynamoDBTablePolicy',
  ),
  'ecs.amazonaws.com': known('ECS', 'AmazonECSServiceRolePolicy'),
  'eks.amazonaws.com': known('AmazonEKS', 'AmazonEKSServiceRolePolicy'),
  'elasticache.amazonaws.com': known('ElastiCache', 'ElastiCacheServiceRolePolicy'),
  'elasticfilesystem.amazonaws.com': known('AmazonElasticFileSystem', 'AmazonElasticFileSystemServiceRolePolicy'),
  'elasticloadbalancing.amazonaws.com': known('ElasticLoadBalancing', 'AWSElasticLoadBalancingServiceRolePolicy'),
  'kafka.amazonaws.com': known('Kafka', 'KafkaServiceRolePolicy'),
  'lex.amazonaws.com': known('LexBots', 'AmazonLexBotPolicy'),
  'lexv2.amazonaws.com': known('LexV2Bots', 'AmazonLexV2BotPolicy', true),
  'memorydb.amazonaws.com': known('MemoryDB', 'MemoryDBServiceRolePolicy'),
  'mq.amazonaws.com': known('AmazonMQ', 'AmazonMQServiceRolePolicy'),
  'opensearchservice.amazonaws.com': known('AmazonOpenSearchService', 'AmazonOpenSearchServiceRolePolicy'),
  'ops.apigateway.amazonaws.com': known('APIGateway', 'APIGatewayServiceRolePolicy'),
  'rds.amazonaws.com': known('RDS', 'AmazonRDSServiceRolePolicy'),
  'redshift.amazonaws.com': known('Redshift', 'AmazonRedshiftServiceLinkedRolePolicy'),
  'ses.amazonaws.com': known('AmazonSES', 'AmazonSESServiceRolePolicy'),
  'ssm.amazonaws.com': known('AmazonSSM', 'AmazonSSMServiceRolePolicy'),
  'wafv2.amazonaws.com': known('WAFV2Logging', 'WAFV2LoggingServiceRolePolicy'),
};

/** The service-linked role of a service: as AWS names it where that is known, else by the service's name. */
export function serviceLinkedRole(service: string): ServiceLinkedRole {
  const role = ROLES[service];
  if (role !== undefined) return role;
  const [label = ''] = service.split('.');
  const word = label.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return known(word, `${word}ServiceRolePolicy`);
}
