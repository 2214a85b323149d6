import type { Cloud, CloudOptions } from '@skein/cloud';

/** What this command says to the cloud when it starts. */
export interface DevCloudOptions extends CloudOptions {
  /** The folder of the page that is served under `/_skein/`. */
  readonly page?: string;
  /** Whether the AWS endpoint speaks HTTPS. */
  readonly tls?: boolean;
}

/** One thing that a deploy says while it runs. */
export interface DeployProgress {
  readonly message: string;
}

export interface DeployOptions {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly skipUnsupported?: boolean;
  readonly keepUrls?: boolean;
  readonly onProgress?: (progress: DeployProgress) => void;
}

/** What this command needs of an app that was deployed. */
export interface DeployedApp {
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What has no effect here, a line each. */
  readonly ignored: readonly unknown[];
}

/** A cloud that deploys. */
export interface DeployingCloud extends Cloud {
  deploy(app: string, options?: DeployOptions): Promise<DeployedApp>;
}

/** Whether a cloud deploys. */
export const canDeploy = (cloud: Cloud): cloud is DeployingCloud => 'deploy' in cloud;
