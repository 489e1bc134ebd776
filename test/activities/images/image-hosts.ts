import type { Socket } from 'node:net';
import { createImageCache, type ImageCache } from '../../../activities/images/cache.ts';
import { createImages, type Images } from '../../../activities/images/images.ts';
import { createMetrics } from '../../../activities/shared/metrics.ts';
import type { MediaItem } from '../../../workflows/goflow/contracts/job.ts';
import { rawServer } from '../../support/raw-server.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { downloader } from './downloads.ts';
import { canon, noise, plain } from './pictures.ts';

export const media: MediaItem = {
  id: '6f1c3a52-0d6a-4d0e-9a53-111111111111',
  filename: 'a.jpg',
  optimised_path: 'optimised/a.jpg',
  greyscale_path: '/greyscale/a.jpg',
};

export const send = (socket: Socket, body: Buffer) =>
  socket.write(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`), body]));

export const colour = await noise().jpeg().toBuffer();
export const grey = await plain(640, 480, '#808080').toColourspace('b-w').jpeg().toBuffer();

interface Given {
  readonly maxDownloads?: number;
  readonly cache?: (real: ImageCache) => ImageCache;
}

/** Images from one host, as a GPU worker has them. `answer` gets the path that was asked for. */
export async function imagesFrom(
  answer: (socket: Socket, path: string) => void,
  { maxDownloads = 8, cache }: Given = {},
) {
  const server = await rawServer((socket, head) => answer(socket, /^GET (\S+)/.exec(head)?.[1] ?? ''));
  const folder = await temporaryFolder();
  const { download } = await downloader({ connections: 20 });
  const metrics = createMetrics();
  const options = { folder, ttlMs: 3_600_000, maxBytes: 100_000_000 };
  const recording = recordingLog();
  const real = await createImageCache(options, recording.log, metrics);
  const deps = { canon, download, mediaBaseUrl: `${server.url}/base/`, maxDownloads, metrics };
  const images: Images = createImages({ ...deps, cache: cache?.(real) ?? real });
  const paths = () => server.requests.map((head) => /^GET (\S+)/.exec(head)?.[1]);
  return { ...server, ...deps, folder, images, paths, recording };
}

/** A host with both variants. */
export const both = (socket: Socket, path: string) => void send(socket, path.includes('greyscale') ? grey : colour);
