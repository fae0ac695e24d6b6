// What answers, and what does not: one file, so that commands and simulator are loaded once; each part makes a world.
import './parts/add-ons.ts'
import './parts/alertmanager.ts'
import './parts/docker-networks.ts'
import './parts/load.ts'
import './parts/monitoring.ts'
import './parts/services.ts'
import './parts/storage.ts'
import './parts/wordpress.ts'
