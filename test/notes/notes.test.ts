// Every command of the course notes, in their order, as a learner types them. One file, so that the commands and the
// simulator are loaded once; the chapters make a world each.
import './chapters/docker.ts'
import './chapters/isolation.ts'
import './chapters/pods.ts'
import './chapters/services.ts'
import './chapters/storage.ts'
import './chapters/operations.ts'
