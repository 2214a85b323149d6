'use strict';
// CloudFormation's helpers send a custom resource's response by https to port 443 of the host of ResponseURL, whatever it says. Here that is the
// cloud's own port, by http: such requests are sent there instead, and no others.

let patched = false;

/** Sees to it that the response of a custom resource arrives. */
exports.expectResponse = (event) => {
  const url = event?.ResponseURL;
  if (patched || typeof url !== 'string' || !url.includes('/_skein/response/')) return;
  patched = true;
  const { hostname, port, pathname } = new URL(url);
  const prefix = pathname.slice(0, pathname.lastIndexOf('/') + 1);
  const http = require('node:http');
  const https = require('node:https');
  const { request } = https;
  https.request = (...parameters) => {
    const [target, options] =
      typeof parameters[0] === 'object' && !(parameters[0] instanceof URL)
        ? [undefined, parameters[0]]
        : [new URL(parameters[0]), parameters[1]];
    const host = target?.hostname ?? options?.hostname ?? options?.host;
    const path = target === undefined ? options?.path : `${target.pathname}${target.search}`;
    if (host !== hostname || !String(path).startsWith(prefix)) return request.apply(https, parameters);
    const { agent: _agent, ...rest } = typeof options === 'object' ? options : {};
    const callback = parameters.find((parameter) => typeof parameter === 'function');
    return http.request({ ...rest, protocol: 'http:', hostname, host: hostname, port, path }, callback);
  };
  require('node:module').syncBuiltinESMExports();
};
